;; expect: component.feature.firstClassModules
;;
;; An instance that exports a module hands it out too.
(component
  (import "i" (instance $i (export "m" (core module))))
  (alias export $i "m" (core module)))
