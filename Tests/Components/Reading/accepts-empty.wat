;; expect: accepted
;;
;; The least component.
(component)
