;; expect: component.feature.functionReferences
;;
;; A table with an initial value.
(component (core module (func $f) (table 1 funcref (ref.func $f))))
