;; expect: engine.component.refused
;; feature: always-off
;; words: memory control
;;
;; There is no setter, and the library leaves it off.
(component
  (core module
    (memory 1)
    (func (memory.discard (i32.const 0) (i32.const 0)))))
