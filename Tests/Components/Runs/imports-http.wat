;; expect: engine.component.instantiation
;; words: matching implementation was not found
;;
;; HTTP is never linked.
(component
  (import "wasi:http/outgoing-handler@0.2.12" (instance (export "handle" (func)))))
