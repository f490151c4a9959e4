;; expect: engine.component.refused
;; feature: component-model-async
;; words: `context.get` requires the component model async feature
;;
;; So is task-local storage.
(component (core func (canon context.get i32 0)))
