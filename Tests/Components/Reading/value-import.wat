;; expect: component.feature.componentValues
;;
;; Values are not part of the agreed feature set.
(component (import "v" (value u8)))
