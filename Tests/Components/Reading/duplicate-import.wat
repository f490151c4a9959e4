;; expect: component.name.duplicate
;;
;; Wiring goes by name.
(component
  (import "a" (instance))
  (import "a" (instance)))
