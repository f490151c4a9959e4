;; expect: engine.component.refused
;; feature: component-model-async
;; words: `future` requires the component model async feature
;;
;; So are futures.
(component
  (type $f (future u8))
  (import "f" (func (param "x" $f))))
