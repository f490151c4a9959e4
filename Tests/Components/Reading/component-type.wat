;; expect: component.feature.firstClassModules
;;
;; Component types serve imports of components alone.
(component (type (component (import "a" (func)))))
