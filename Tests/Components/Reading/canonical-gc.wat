;; expect: component.feature.canonicalGarbageCollection
;;
;; Values that live in a garbage-collected heap.
(component
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (type $t (func))
  (func (type $t) (canon lift (core func $i "f") gc)))
