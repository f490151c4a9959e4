;; expect: engine.component.refused
;; feature: component-model-async-stackful
;; words: require
;;
;; A lift without a callback would need a stack of its own.
(component
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func (export "f") async (canon lift (core func $i "f") async)))
