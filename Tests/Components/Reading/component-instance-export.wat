;; expect: component.feature.firstClassModules
;;
;; An instance can carry a component.
(component
  (component $inner)
  (instance (export "inner" (component $inner))))
