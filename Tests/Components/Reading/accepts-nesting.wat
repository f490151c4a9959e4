;; expect: accepted
;;
;; Outer aliases of modules and components, and a resource with a destructor.
(component
  (core module $m
    (func (export "f") (param i32))
    (memory (export "memory") 1))
  (core instance $i (instantiate $m))
  (type $r (resource (rep i32) (dtor (core func $i "f"))))
  (core func (canon resource.new $r))
  (core func (canon resource.drop $r))
  (core func (canon resource.rep $r))
  (core instance (export "f" (func $i "f")))
  (component $leaf
    (alias outer 1 $m (core module $x))
    (core instance $i (instantiate $x))
    (type $t (func (param "x" u32)))
    (func (export "f") (type $t) (canon lift (core func $i "f"))))
  (component $c
    (alias outer 1 $leaf (component $x))
    (instance $i (instantiate $x))
    (alias export $i "f" (func $f))
    (export "f" (func $f)))
  (instance $a (instantiate $c))
  (instance $b (instantiate $leaf))
  (instance $both
    (export "a" (func $a "f"))
    (export "b" (func $b "f")))
  (export "ns:pkg/both" (instance $both)))
