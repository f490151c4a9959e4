;; expect: killed
;;
;; No fuel and no epochs: only its parent can end it.
(component
  (core module $m (func (export "run") (result i32) (loop (br 0)) unreachable))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
