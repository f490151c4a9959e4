;; expect: accepted
;; feature: always-on
;; words: -
;;
;; Every compiler emits it.
(component (core module (func (param i32) (result i32) (i32.extend8_s (local.get 0)))))
