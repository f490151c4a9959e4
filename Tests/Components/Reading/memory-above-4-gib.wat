;; expect: component.limits
;;
;; More pages than 32 bits can name.
(component (core module (memory 65537)))
