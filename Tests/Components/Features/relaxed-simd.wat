;; expect: engine.component.refused
;; feature: relaxed-simd
;; words: relaxed SIMD support is not enabled
;;
;; Its results differ between processors, so a run could not be repeated.
(component
  (core module
    (func (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))))
