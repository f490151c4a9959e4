;; expect: accepted
;; feature: bulk-memory
;; words: -
;;
;; Compilers turn copies into this.
(component
  (core module
    (memory 1)
    (func (memory.copy (i32.const 0) (i32.const 8) (i32.const 8)))))
