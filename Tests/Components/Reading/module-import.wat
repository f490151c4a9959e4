;; expect: component.feature.firstClassModules
;;
;; An imported module is code that nobody agreed to.
(component (import "m" (core module)))
