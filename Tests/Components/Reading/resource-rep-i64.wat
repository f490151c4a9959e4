;; expect: component.feature.memory64
;;
;; A resource whose representation is an i64 belongs to 64-bit memories.
(component (type (resource (rep i64))))
