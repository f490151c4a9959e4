;; expect: component.name.duplicate
;;
;; So do links.
(component
  (instance $i)
  (export "a" (instance $i))
  (export "a" (instance $i)))
