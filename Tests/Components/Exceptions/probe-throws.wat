;; expect: completed
;;
;; A neighbour whose exception nobody of its own catches.
(component
  (core module $m
    (tag $t)
    (func (export "probe") (result i32) (throw $t)))
  (core instance $i (instantiate $m))
  (func $probe (result (result)) (canon lift (core func $i "probe")))
  (instance $out (export "probe" (func $probe)))
  (export "hostile:guests/probe" (instance $out)))
