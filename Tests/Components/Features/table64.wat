;; expect: engine.component.refused
;; feature: memory64
;; words: memory64 must be enabled for 64-bit tables
;;
;; The same proposal widens tables.
(component (core module (table i64 1 funcref)))
