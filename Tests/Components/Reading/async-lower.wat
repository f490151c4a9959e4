;; expect: component.feature.async
;;
;; An asynchronous call of another component.
(component
  (import "f" (func $f))
  (core module $m (memory (export "m") 1))
  (core instance $i (instantiate $m))
  (core func (canon lower (func $f) async (memory (core memory $i "m")))))
