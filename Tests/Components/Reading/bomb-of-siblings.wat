;; expect: component.instances
;;
;; Each component instantiates the one before it twice: 2^24 instances in two kilobytes.
(component
  (core module $m (memory 1))
  (component $a
    (alias outer 1 $m (core module $x))
    (core instance (instantiate $x))
    (core instance (instantiate $x)))
  (component $b
    (alias outer 1 $a (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $c
    (alias outer 1 $b (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $d
    (alias outer 1 $c (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $e
    (alias outer 1 $d (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $f
    (alias outer 1 $e (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $g
    (alias outer 1 $f (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $h
    (alias outer 1 $g (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $i
    (alias outer 1 $h (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $j
    (alias outer 1 $i (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $k
    (alias outer 1 $j (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $l
    (alias outer 1 $k (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $m
    (alias outer 1 $l (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $n
    (alias outer 1 $m (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $o
    (alias outer 1 $n (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $p
    (alias outer 1 $o (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $q
    (alias outer 1 $p (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $r
    (alias outer 1 $q (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $s
    (alias outer 1 $r (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $t
    (alias outer 1 $s (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $u
    (alias outer 1 $t (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $v
    (alias outer 1 $u (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $w
    (alias outer 1 $v (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (component $x
    (alias outer 1 $w (component $x))
    (instance (instantiate $x))
    (instance (instantiate $x)))
  (instance (instantiate $x)))
