;; expect: component.feature.async
;;
;; A built-in of asynchronous functions.
(component (core func (canon task.return (result u32))))
