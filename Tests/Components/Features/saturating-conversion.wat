;; expect: accepted
;; feature: always-on
;; words: -
;;
;; Every compiler emits it.
(component
  (core module (func (param f32) (result i32) (i32.trunc_sat_f32_s (local.get 0)))))
