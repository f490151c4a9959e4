;; expect: engine.component.refused
;; feature: component-model-async
;; words: requires the component model error-context feature
;;
;; Values that carry a message of the other side.
(component (import "f" (func (param "x" error-context))))
