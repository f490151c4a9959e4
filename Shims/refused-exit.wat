;; The exit of every component but the one that runs. Nothing else is in here, so that a trap in it is a call to exit.
(component
  (core module $module (func (export "exit") (param i32) unreachable))
  (core instance $core (instantiate $module))
  (func $exit (param "status" (result)) (canon lift (core func $core "exit")))
  (export "exit" (func $exit)))
