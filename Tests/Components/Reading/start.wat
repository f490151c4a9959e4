;; expect: component.feature.componentStart
;;
;; Code would run before the worker calls anything.
(component
  (import "f" (func $f))
  (start $f))
