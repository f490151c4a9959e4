;; expect: engine.component.refused
;; feature: component-model-async
;; words: async component functions require the component model async feature
;;
;; Past sandbox escapes lay in asynchronous component functions.
(component
  (core module $m
    (func (export "f") (result i32) i32.const 0)
    (func (export "callback") (param i32 i32 i32) (result i32) i32.const 0))
  (core instance $i (instantiate $m))
  (func (export "f") async
    (canon lift (core func $i "f") async (callback (core func $i "callback")))))
