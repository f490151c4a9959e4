;; expect: completed
;;
;; A neighbour with exceptions in instructions alone, in a module of a component inside it.
(component
  (component $inner
    (core module $m
      (func (export "probe") (result i32)
        (block $caught (try_table (catch_all $caught) (nop)))
        (i32.const 0)))
    (core instance $i (instantiate $m))
    (func (export "probe") (result (result)) (canon lift (core func $i "probe"))))
  (instance $inside (instantiate $inner))
  (alias export $inside "probe" (func $probe))
  (instance $out (export "probe" (func $probe)))
  (export "hostile:guests/probe" (instance $out)))
