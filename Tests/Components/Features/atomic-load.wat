;; expect: engine.component.refused
;; feature: threads
;; words: threads support is not enabled
;;
;; Atomic instructions belong to threads.
(component
  (core module
    (memory 1)
    (func (drop (i32.atomic.load (i32.const 0))))))
