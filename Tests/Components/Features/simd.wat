;; expect: accepted
;; feature: simd
;; words: -
;;
;; Dense loops need it to keep up with native code.
(component
  (core module
    (func (param v128) (result v128) (i32x4.add (local.get 0) (local.get 0)))))
