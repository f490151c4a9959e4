;; expect: engine.component.refused
;; feature: always-off
;; words: Fixed-length lists require
;;
;; There is no setter, and the library leaves it off.
(component
  (type $l (list u8 4))
  (import "f" (func (param "x" $l))))
