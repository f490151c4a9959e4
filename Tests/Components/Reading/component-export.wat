;; expect: component.feature.firstClassModules
;;
;; A component that is handed out could be instantiated by whoever receives it.
(component
  (component $inner)
  (export "inner" (component $inner)))
