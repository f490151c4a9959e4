;; expect: component.feature.async
;;
;; Another one.
(component (core func (canon waitable-set.new)))
