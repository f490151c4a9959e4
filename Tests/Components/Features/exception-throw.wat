;; expect: engine.component.refused
;; feature: exceptions
;; words: exceptions proposal not enabled
;;
;; Unwinding through compiled frames is new machinery.
(component
  (core module
    (tag (param i32))
    (func (throw 0 (i32.const 1)))))
