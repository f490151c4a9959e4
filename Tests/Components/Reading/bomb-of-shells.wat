;; expect: component.instances
;;
;; The same with one component inside the other: 2^14 and no alias.
(component
  (component $c (component $c (component $c (component $c (component $c (component $c (component $c (component $c (component $c (component $c (component $c (component $c (component $c (component $c (core module $m) (core instance (instantiate $m)) (core instance (instantiate $m)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
  (instance (instantiate $c)) (instance (instantiate $c)))
