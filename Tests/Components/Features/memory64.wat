;; expect: engine.component.refused
;; feature: memory64
;; words: memory64 must be enabled for 64-bit memories
;;
;; A 64-bit index outgrows the guard region that bounds a memory.
(component (core module (memory i64 1)))
