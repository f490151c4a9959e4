;; expect: component.feature.errorContext
;;
;; A handle to a message of another component.
(component (import "i" (instance (export "f" (func (param "x" error-context))))))
