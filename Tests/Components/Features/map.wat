;; expect: engine.component.refused
;; feature: component-model-map
;; words: Maps require the component model map feature
;;
;; A young type that the reader of this project does not know.
(component
  (type $m (map string u8))
  (import "f" (func (param "x" $m))))
