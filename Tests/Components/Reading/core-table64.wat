;; expect: component.feature.memory64
;;
;; The same for tables.
(component (core module (table i64 1 funcref)))
