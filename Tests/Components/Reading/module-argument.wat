;; expect: component.feature.firstClassModules
;;
;; A nested component would instantiate what its user hands it.
(component
  (core module $m)
  (component $c (import "m" (core module)))
  (instance (instantiate $c (with "m" (core module $m)))))
