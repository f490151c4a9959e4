;; expect: component.limits
;;
;; Limits that contradict themselves.
(component (core module (memory 2 1)))
