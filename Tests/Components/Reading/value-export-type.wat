;; expect: component.feature.componentValues
;;
;; The same inside an instance type.
(component (import "i" (instance (export "v" (value u8)))))
