;; expect: engine.component.refused
;; feature: always-off
;; words: support for component model `value`s is not enabled
;;
;; There is no setter, and the library leaves it off.
(component (import "v" (value u8)))
