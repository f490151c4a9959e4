;; expect: component.feature.threads
;;
;; Threads of the component model.
(component (core func (canon thread.index)))
