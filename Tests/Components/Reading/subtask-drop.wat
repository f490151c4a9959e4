;; expect: component.feature.async
;;
;; Another one.
(component (core func (canon subtask.drop)))
