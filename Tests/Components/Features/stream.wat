;; expect: engine.component.refused
;; feature: component-model-async
;; words: `stream` requires the component model async feature
;;
;; Streams between components are part of async.
(component
  (type $s (stream u8))
  (import "f" (func (param "x" $s))))
