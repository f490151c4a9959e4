;; expect: engine.component.refused
;; feature: component-model-async
;; words: `waitable-set.new` requires the component model async feature
;;
;; So are the built-in functions that wait.
(component (core func (canon waitable-set.new)))
