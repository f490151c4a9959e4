;; expect: engine.component.instantiation
;; words: matching implementation was not found
;;
;; Nothing is linked but WASI.
(component
  (import "stranger:house/door" (instance (export "open" (func)))))
