;; expect: component.feature.firstClassModules
;;
;; Core types of a component serve imports of modules alone.
(component (core type (module (import "a" "b" (func)))))
