;; expect: accepted
;; feature: multi-value
;; words: -
;;
;; The canonical ABI returns pairs.
(component (core module (func (result i32 i32) i32.const 1 i32.const 2)))
