;; expect: accepted
;;
;; Every kind of type that is allowed.
(component
  (type $r (record (field "a" bool) (field "b" s8) (field "c" u16) (field "d" char)))
  (type $v (variant (case "a") (case "b" $r)))
  (type $l (list $v))
  (type $t (tuple u8 s16 u32 s32 u64 s64 f32 f64))
  (type $f (flags "a" "b"))
  (type $e (enum "a" "b"))
  (type $o (option string))
  (type $re (result $l (error $e)))
  (type $re2 (result))
  (type $res (resource (rep i32)))
  (type $own (own $res))
  (type $borrow (borrow $res))
  (type $fun (func (param "x" $borrow) (param "y" $o) (result $own)))
  (type $i (instance
    (type $list (list u8))
    (export "bytes" (type $b (eq $list)))
    (export "handle" (type $h (sub resource)))
    (type $own (own $h))
    (export "make" (func (param "x" $b) (result $own)))
    (alias outer 1 $e (type $outer))
    (export "e" (type (eq $outer)))
    (export "inner" (instance (export "f" (func))))))
  (import "i" (instance (type $i))))
