;; expect: component.feature.exceptions
;;
;; An imported tag.
(component (core module (import "a" "b" (tag))))
