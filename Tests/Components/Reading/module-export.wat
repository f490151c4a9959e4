;; expect: component.feature.firstClassModules
;;
;; So would the user of an exported module.
(component
  (core module $m)
  (export "m" (core module $m)))
